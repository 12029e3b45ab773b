import type { en } from './words.en.ts'

export const zh: typeof en = {
  showAll: '显示全部',
  copyJson: (what) => `复制为 JSON：${what}`,
  copyAs: '复制为…',
  copyCurl: '复制为 curl',
  copyClient: '复制为 TypeScript（@seekyou/client）',
  copyAsJson: '复制为 JSON',
  absent: (what) => `此服务器没有这项功能：${what}`,
  failed: '读取失败。',
}

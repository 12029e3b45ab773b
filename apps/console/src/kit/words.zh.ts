import type { en } from './words.en.ts'

export const zh: typeof en = {
  close: '关闭',
  cancel: '取消',
  save: '保存',
  copy: '复制',
  copied: '已复制',
  loading: '加载中…',
  retry: '重试',
  unreachable: '无法连接到服务器。',
  absent: '此服务器没有这项功能。',
}

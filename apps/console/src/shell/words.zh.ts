import type { en } from './words.en.ts'

export const zh: typeof en = {
  pages: { chat: '聊天', inspector: '检查器', playground: '试验场', links: '连接' },
  navigation: '页面',
  skip: '跳到内容',
  theme: { system: '主题：跟随系统', light: '主题：浅色', dark: '主题：深色' },
  language: 'English',
  switchLanguage: '切换到英文',
  help: '键盘快捷键',
  openHelp: '显示键盘快捷键',
  goTo: (page) => `前往${page}`,
  connection: { idle: '', connecting: '正在连接…', open: '实时', lost: '连接断开，正在重试…' },
  logIn: '登录',
  token: '访问令牌',
  tokenHint: '此监听地址在配置中的 access_token。页面不会保存它。',
  wrongToken: '此监听地址不接受这个令牌。',
  logOut: '退出登录',
  broken: '页面的这一部分出错了。',
  unloaded: '无法加载此页面。',
  unloadedHint: '服务器无法连接，或者版本已经更新。',
  dismiss: '关闭通知',
  messages: '通知',
}

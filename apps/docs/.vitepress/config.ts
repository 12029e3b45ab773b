import { defineConfig } from 'vitepress'
import type { DefaultTheme } from 'vitepress'

const english: DefaultTheme.Sidebar = [
  {
    text: 'Begin',
    items: [
      { text: 'Quick start', link: '/quick-start' },
      { text: 'Connect a bot', link: '/frameworks' },
      { text: 'Coming from go-cqhttp', link: '/migrate-from-go-cqhttp' },
    ],
  },
  {
    text: 'Run it',
    items: [
      { text: 'The console', link: '/console' },
      { text: 'Its tools', link: '/console-tools' },
      { text: 'Operations', link: '/operations' },
      { text: 'Security', link: '/security' },
      { text: 'Performance', link: '/performance' },
      { text: 'Robustness', link: '/robustness' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'Configuration', link: '/reference/configuration' },
      { text: 'Actions', link: '/reference/actions' },
      { text: 'Events', link: '/reference/events' },
      { text: 'Segments', link: '/reference/segments' },
      { text: 'Dialects', link: '/reference/dialects' },
    ],
  },
  {
    text: 'Take part',
    items: [
      { text: 'Contributing', link: '/contributing' },
      { text: 'Architecture', link: '/architecture' },
    ],
  },
]

const chinese: DefaultTheme.Sidebar = [
  {
    text: '开始',
    items: [
      { text: '快速开始', link: '/zh/quick-start' },
      { text: '连接机器人', link: '/zh/frameworks' },
      { text: '从 go-cqhttp 迁移', link: '/zh/migrate-from-go-cqhttp' },
    ],
  },
  {
    text: '英文参考',
    items: [
      { text: '配置', link: '/reference/configuration' },
      { text: '运维', link: '/operations' },
      { text: '安全', link: '/security' },
      { text: '动作', link: '/reference/actions' },
      { text: '事件', link: '/reference/events' },
    ],
  },
]

export default defineConfig({
  title: 'SeekYou',
  description: 'CQHTTP / OneBot 11 / go-cqhttp bot API server with an embedded sandbox',
  cleanUrls: true,
  // The sources are pages of the repository, not of this site.
  ignoreDeadLinks: [/^http:\/\/localhost/, /\/packages\//],
  vite: {
    // The page of the actions alone is large.
    build: { chunkSizeWarningLimit: 2000 },
  },
  themeConfig: { search: { provider: 'local' }, outline: [2, 3] },
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: { sidebar: english } },
    zh: { label: '中文', lang: 'zh-CN', themeConfig: { sidebar: chinese, outline: { label: '本页' } } },
  },
})

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isAbsent } from './kit/api.ts'
import { markLanguage } from './kit/language.ts'
import { hearShortcuts } from './kit/shortcut.ts'
import { applyTheme } from './kit/theme.ts'
import { App } from './shell/app.tsx'
import './style/tokens.css'
import './style/base.css'
import './style/shell.css'

const queries = new QueryClient({
  defaultOptions: {
    // What the page shows is told by streams; a failure to read it is worth one more try, an absence is none.
    // The server may well be on this machine: being offline says nothing of it.
    queries: {
      networkMode: 'always',
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 1 && !isAbsent(error),
    },
  },
})

applyTheme()
markLanguage()
hearShortcuts()
createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)

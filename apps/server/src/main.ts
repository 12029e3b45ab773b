#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Before anything else is imported: what is compiled from here on need not be compiled at the next start.
enableCompileCache()
const { run } = await import('./command-line.ts')
await run(process.argv.slice(2))

#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Before anything else is loaded: what is compiled from here on need not be compiled at the next start.
enableCompileCache()
void import('./run.ts').then(({ run }) => run(process.argv.slice(2)))

#!/usr/bin/env node
import { main } from './main.js'

process.stdout.on('error', (error: Error) => {
  // A reader that has seen enough, such as head, is no failure.
  if (!('code' in error && error.code === 'EPIPE')) throw error
})
process.exitCode = await main(process.argv.slice(2))

import { defineConfig } from '@semantos/core'
import { reproduction } from '@semantos/preset-reproduction'

/** The reproduction's plan for this machine's kernel. No workload: what the synthetic host would gain says nothing about this machine. */
export default defineConfig({
  extends: reproduction(),
  workload: [],
  paths: { knowledge: '../kb', sandbox: '../sandbox/sysctl.conf', results: '../results/sysctl', backup: '../backup' },
})

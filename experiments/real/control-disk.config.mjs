import { defineConfig } from '@semantos/core'
import { host } from '@semantos/preset-host'
import fixed from '@semantos/reasoning-fixed'
import { disk } from './disk.mjs'

/** Asks for what is known to change nothing for random reads of a disk that is set well: all of it must be taken back. */
export default defineConfig({
  extends: host(),
  reasoning: fixed({ values: { [`block.scheduler[${disk('/var/tmp')}]`]: 'none', 'vm.vfs_cache_pressure': 50, 'vm.page-cluster': 0, 'vm.dirty_writeback_centisecs': 1000, 'vm.dirty_expire_centisecs': 1500 } }),
})

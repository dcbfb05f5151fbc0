import { defineConfig } from '@semantos/core'
import { host } from '@semantos/preset-host'
import fixed from '@semantos/reasoning-fixed'

/** Asks for what is known to change nothing in the accept queue of a machine that is set well: all of it must be taken back. */
export default defineConfig({
  extends: host(),
  reasoning: fixed({ values: { 'vm.vfs_cache_pressure': 50, 'vm.page-cluster': 0, 'vm.dirty_writeback_centisecs': 1000, 'vm.dirty_expire_centisecs': 1500, 'net.core.netdev_max_backlog': 5000 } }),
})

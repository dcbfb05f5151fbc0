import { defineConfig } from '@semantos/core'
import { host } from '@semantos/preset-host'

/** This machine, whose whole catalogue is in scope. Commands of the workloads run in this folder. */
export default defineConfig({ extends: host() })

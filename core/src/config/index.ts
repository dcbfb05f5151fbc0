export { type NamedPlugin, type Preset, type SemantosConfig, type Settings, type Slot, defineConfig } from './define.js'

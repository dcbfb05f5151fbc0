export { type NamedPlugin, type Preset, type SemantosConfig, type Settings, type Slot, type SlotEntry, defineConfig } from './define.js'

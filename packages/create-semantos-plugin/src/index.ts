export { createPlugin } from './create.js'
export type { NewPlugin } from './files.js'

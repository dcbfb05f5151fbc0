/** What the two libraries and the command share. It is bundled as one file, dist/core.cjs, of which V8's compiled form can be kept. */
export * as embed from '../embed.js'
export * as index from '../index.js'
export { main } from './main.js'

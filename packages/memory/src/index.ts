export { explainNearness, pastRunInWords } from './in-sentences.js'
export { type Near, isOfRun, nearest, seenBy } from './nearest.js'
export type { Nearness, Seen } from './nearness.js'

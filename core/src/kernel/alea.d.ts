/** @types/seedrandom does not type the single algorithms, which load without Node's crypto. */
declare module 'seedrandom/lib/alea.js' {
  export default function alea(seed: string): () => number
}

/** Eight hexadecimal digits that stand for a text: FNV-1a of 32 bits. They tell a few thousand texts apart, and keep nobody from finding one that fits. */
export function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

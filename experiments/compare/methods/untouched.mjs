/** Nothing is done. What the others are measured against. */
export const untouched = {
  name: 'untouched',
  unavailable: () => null,
  find: async () => [],
}

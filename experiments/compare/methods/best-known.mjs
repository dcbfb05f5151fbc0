/** For scale: what is known to be best for this workload, told and not found. */
export function bestKnown(settings) {
  return {
    name: 'best known',
    unavailable: () => null,
    find: async () => settings,
  }
}

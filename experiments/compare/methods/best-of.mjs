/**
 * Spends the budget and returns the settings of the lowest p95. The first trial is of the start state, which stands unless something
 * better is seen. `ask` gives one place in 0..1 a knob; `tell` hears how it went, null for a trial that failed.
 */
export async function bestOf(task, ask, tell = () => undefined) {
  let best = await task.trial([])
  while (task.left > 0) {
    const tried = await task.trial(await task.allowed(task.settingsAt(await ask())))
    await tell(tried.p95Ms)
    if (tried.p95Ms !== null && tried.p95Ms < best.p95Ms) best = tried
  }
  return best.settings
}

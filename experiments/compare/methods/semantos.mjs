import { measureAndTry as tune, TrialLog } from '@semantos/engine'

/** `semantos tune` over the whole catalogue: nobody tells it which knobs matter. Its measuring of the noise and its comparisons come out of the same budget. */
export const semantos = {
  name: 'SemantOS',
  unavailable: () => null,
  async find(task) {
    const log = new TrialLog(task.logFile)
    try {
      const { report } = await tune(task.place.kernel, {
        ...task.place.settings, run: 'compare', goal: 'p95', knobs: task.place.knobs, budget: { trials: task.left, ms: Number.POSITIVE_INFINITY }, apply: true,
        onTrial: ({ arm, result }) => task.count(arm, result.latency.p95_ms),
      }, log)
      task.say(`${report.outcome}${report.kept.map(({ knob, value }) => `, ${knob} = ${value}`).join('')}`)
      return report.kept
    } finally {
      log.close()
    }
  },
}

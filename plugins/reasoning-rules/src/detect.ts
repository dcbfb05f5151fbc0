import type { Cue, KnobRef } from '@semantos/core'
import type { Scene } from './scene.js'

/** How a symptom shows in metrics. */
export interface Detector {
  /** Metrics that nobody measured and without which the symptom cannot be judged. */
  missing(scene: Scene): readonly string[]
  /** The telemetry that shows the symptom; null where it is not there. */
  cues(scene: Scene): readonly Cue[] | null
}

/** The metric is above a threshold. A threshold may depend on the scene, such as the objective. */
export function above(metric: string, threshold: number | ((scene: Scene) => number), because: string): Detector {
  return compare(metric, threshold, because, (value, limit) => value > limit)
}

/** The metric is at or below a threshold. */
export function atMost(metric: string, threshold: number | ((scene: Scene) => number), because: string): Detector {
  return compare(metric, threshold, because, (value, limit) => value <= limit)
}

function compare(metric: string, threshold: number | ((scene: Scene) => number), because: string, holds: (value: number, limit: number) => boolean): Detector {
  return {
    missing: (scene) => (scene.metric(metric) === undefined ? [nameOf(metric, scene)] : []),
    cues: (scene) => {
      const value = scene.metric(metric)
      const limit = typeof threshold === 'number' ? threshold : threshold(scene)
      return value !== undefined && holds(value, limit) ? [{ metric: nameOf(metric, scene), value, because: `${because} (${show(limit)})` }] : null
    },
  }
}

/** A number made of several metrics is above a threshold. The cue shows the first metric as it was measured, and that number beside the threshold. */
export function computed(metrics: readonly [string, ...string[]], compute: (values: readonly number[]) => number, threshold: number, because: string): Detector {
  return {
    missing: (scene) => metrics.filter((metric) => scene.metric(metric) === undefined).map((metric) => nameOf(metric, scene)),
    cues: (scene) => {
      const values = metrics.flatMap((metric) => scene.metric(metric) ?? [])
      if (values.length < metrics.length) return null
      const value = compute(values)
      return Number.isFinite(value) && value > threshold ? [{ metric: nameOf(metrics[0], scene), value: values[0] ?? value, because: `${because} (${show(value)}, above ${show(threshold)})` }] : null
    },
  }
}

/** The metric exceeds another by more than a threshold. */
export function excess(metric: string, other: string, threshold: number, because: string): Detector {
  return computed([metric, other], ([one = 0, two = 0]) => one - two, threshold, because)
}

/** The metric is more than a share of another. */
export function share(metric: string, of: string, most: number, because: string): Detector {
  return computed([metric, of], ([part = 0, whole = 0]) => (whole > 0 ? part / whole : 0), most, because)
}

/** The metric fills more than a share of what a knob, or another number of the scene, allows. Unknown capacity: not judged. */
export function fills(metric: string, capacity: (scene: Scene) => number | undefined, most: number, because: string): Detector {
  return {
    missing: (scene) => (scene.metric(metric) === undefined ? [nameOf(metric, scene)] : []),
    cues: (scene) => {
      const value = scene.metric(metric)
      const limit = capacity(scene)
      if (value === undefined || limit === undefined || limit <= 0 || value <= most * limit) return null
      return [{ metric: nameOf(metric, scene), value, because: `${because} (${show(100 * most)}% of ${show(limit)})` }]
    },
  }
}

/** What a knob allows now: its number, or the number at a place of a vector. */
export function limit(knob: KnobRef, place = 0): (scene: Scene) => number | undefined {
  return (scene) => {
    const value = scene.current(knob)
    if (typeof value === 'object') return value[place]
    return typeof value === 'number' ? value : undefined
  }
}

/** Something other than a metric holds, such as more than one NUMA node. It adds no cue of its own. */
export function given(holds: (scene: Scene) => boolean): Detector {
  return { missing: () => [], cues: (scene) => (holds(scene) ? [] : null) }
}

export function all(...detectors: readonly Detector[]): Detector {
  return {
    missing: (scene) => [...new Set(detectors.flatMap((detector) => detector.missing(scene)))],
    cues: (scene) => {
      const cues = detectors.map((detector) => detector.cues(scene))
      return cues.every((found) => found !== null) ? cues.flat() : null
    },
  }
}

/** One is enough; what is missing for one of them does not keep the others from being judged. */
export function any(...detectors: readonly Detector[]): Detector {
  return {
    missing: (scene) => {
      const missing = detectors.map((detector) => detector.missing(scene))
      return missing.every((names) => names.length > 0) ? [...new Set(missing.flat())] : []
    },
    cues: (scene) => {
      const cues = detectors.flatMap((detector) => detector.cues(scene) ?? [])
      return cues.length > 0 ? cues : null
    },
  }
}

function nameOf(metric: string, { device }: Scene): string {
  return metric.replace('[*]', `[${device}]`)
}

function show(number: number): string {
  return String(Number(number.toPrecision(4)))
}

import type { Preset } from '@semantos/core'
import dropin from '@semantos/applier-dropin'
import sysctl from '@semantos/applier-sysctl'
import sysfs from '@semantos/applier-sysfs'
import median from '@semantos/evaluation-median'
import bounds from '@semantos/guardrails-bounds'
import catalogue from '@semantos/knowledge-catalogue'
import json from '@semantos/knowledge-json'
import slo from '@semantos/monitoring-slo'
import rules from '@semantos/reasoning-rules'
import reportCsv from '@semantos/report-csv'
import reportHtml from '@semantos/report-html'
import reportJson from '@semantos/report-json'
import staggered from '@semantos/rollout-staggered'
import procfs from '@semantos/telemetry-procfs'
import sockets from '@semantos/telemetry-sockets'

/** A real Linux host: its own telemetry, the whole catalogue, rules that read evidence, and appliers that write to its kernel. */
export function host(): Preset {
  return {
    name: 'host',
    slo: { p95_ms: 120 },
    telemetry: [procfs(), sockets()],
    knowledge: [catalogue(), json()],
    reasoning: rules(),
    guardrails: bounds(),
    rollout: staggered(),
    applier: [sysctl(), sysfs(), dropin()],
    monitoring: slo(),
    evaluation: median(),
    report: [reportCsv(), reportJson(), reportHtml()],
    paths: { knowledge: '.semantos/knowledge', results: '.semantos/results', backup: '.semantos/backup' },
  }
}

export default host

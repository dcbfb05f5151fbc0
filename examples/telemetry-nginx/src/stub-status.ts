import { type MetricDraft, SemantosError } from '@semantos/core'

/** One look at nginx. `active`, `reading`, `writing` and `waiting` are connections now, the others count since nginx started. */
export interface StubStatus {
  readonly active: number
  readonly accepted: number
  readonly handled: number
  readonly requests: number
  readonly reading: number
  readonly writing: number
  readonly waiting: number
}

const PAGE =
  /^Active connections: (\d+) *\nserver accepts handled requests *\n *(\d+) (\d+) (\d+) *\nReading: (\d+) Writing: (\d+) Waiting: (\d+)\s*$/

/** Reads the page of ngx_http_stub_status_module: https://nginx.org/en/docs/http/ngx_http_stub_status_module.html */
export function parseStubStatus(text: string, url: string): StubStatus {
  const numbers = PAGE.exec(text)?.slice(1).map(Number)
  if (!numbers) {
    throw new SemantosError('SEMANTOS_E_DATA_INVALID', {
      message: 'this is not the page of stub_status',
      place: url,
      next: 'Set the option url to the location in nginx that has `stub_status;`.',
    })
  }
  const [active = 0, accepted = 0, handled = 0, requests = 0, reading = 0, writing = 0, waiting = 0] = numbers
  return { active, accepted, handled, requests, reading, writing, waiting }
}

/** Metrics from two looks, `seconds` apart. What was accepted and not handled was dropped, or is just being counted. */
export function metricsOf(first: StubStatus, second: StubStatus, seconds: number): MetricDraft[] {
  const rate = (count: (status: StubStatus) => number) => (count(second) - count(first)) / seconds
  return [
    { name: 'nginx.active_connections', value: second.active, unit: 'connections' },
    { name: 'nginx.reading_connections', value: second.reading, unit: 'connections' },
    { name: 'nginx.writing_connections', value: second.writing, unit: 'connections' },
    { name: 'nginx.waiting_connections', value: second.waiting, unit: 'connections' },
    { name: 'nginx.accepts_per_s', value: rate(({ accepted }) => accepted), unit: 'per_s' },
    { name: 'nginx.requests_per_s', value: rate(({ requests }) => requests), unit: 'per_s' },
    { name: 'nginx.drops_per_s', value: Math.max(0, rate(({ accepted, handled }) => accepted - handled)), unit: 'per_s' },
  ]
}

/**
 * A kernel counter's name in snake case: ListenOverflows is listen_overflows, TCPReqQFullDrop tcp_req_q_full_drop,
 * DelayedACKs delayed_acks. Acronyms that run into one another are cut behind TCP only: TCPHPHits is tcp_hp_hits.
 */
export function snakeCase(name: string): string {
  return name
    .replace(/^TCP(?=[A-Z])/, 'Tcp')
    .replace(/([A-Z]{2,})s(?=[A-Z]|$)/g, (_match, acronym: string) => `${acronym[0]}${acronym.slice(1).toLowerCase()}s`)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

import { expect, it } from 'vitest'
import { snakeCase } from './snake-case.js'

it.each([
  ['ListenOverflows', 'listen_overflows'],
  ['TCPSynRetrans', 'tcp_syn_retrans'],
  ['TCPReqQFullDoCookies', 'tcp_req_q_full_do_cookies'],
  ['TCPHPHits', 'tcp_hp_hits'],
  ['TCPSACKReneging', 'tcp_sack_reneging'],
  ['TcpTimeoutRehash', 'tcp_timeout_rehash'],
  ['DelayedACKs', 'delayed_acks'],
  ['DelayedACKLocked', 'delayed_ack_locked'],
  ['ReasmOKs', 'reasm_oks'],
  ['InECT1Pkts', 'in_ect1_pkts'],
  ['TW', 'tw'],
  ['TWRecycled', 'tw_recycled'],
  ['IPReversePathFilter', 'ip_reverse_path_filter'],
])('%s is %s', (kernel, ours) => {
  expect(snakeCase(kernel)).toBe(ours)
})

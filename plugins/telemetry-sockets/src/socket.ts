/** What the kernel counted on one TCP connection since it began (struct tcp_info), as ss prints it. */
export interface SocketInfo {
  /** Both ends: a connection's name. */
  readonly id: string
  /** Names of the processes that hold it; none where ss may not tell. */
  readonly processes: readonly string[]
  readonly ports: readonly number[]
  readonly busyMs: number
  /** Of the busy time, how long the peer's window and the send buffer held data back. */
  readonly windowLimitedMs: number
  readonly bufferLimitedMs: number
  readonly retransmits: number
  readonly segmentsOut: number
  readonly rttMs: number
  readonly congestionWindow: number
  readonly deliveryBytesPerS: number
  /** The program had nothing more to send when the rate was last measured. */
  readonly isAppLimited: boolean
}

const LINE = /^\S+ +\d+ +\d+ +(\S+:(\d{1,5})) +(\S+:(\d{1,5}))(?:\s|$)/

/** A line of `ss -tinpOH`, or null for one that is none. */
export function socketOf(line: string): SocketInfo | null {
  const [, local = '', localPort, peer = '', peerPort] = LINE.exec(line) ?? []
  if (localPort === undefined) return null
  const number = (pattern: RegExp) => Number(pattern.exec(line)?.[1] ?? 0)
  return {
    id: `${local} ${peer}`,
    processes: [...line.matchAll(/\("([^"]*)",pid=/g)].map(([, name = '']) => name),
    ports: [Number(localPort), Number(peerPort)],
    busyMs: number(/\sbusy:(\d+)ms/),
    windowLimitedMs: number(/\srwnd_limited:(\d+)ms/),
    bufferLimitedMs: number(/\ssndbuf_limited:(\d+)ms/),
    retransmits: number(/\sretrans:\d+\/(\d+)/),
    segmentsOut: number(/\ssegs_out:(\d+)/),
    rttMs: number(/\srtt:([\d.]+)\//),
    congestionWindow: number(/\scwnd:(\d+)/),
    deliveryBytesPerS: number(/\sdelivery_rate (\d+)bps/) / 8,
    isAppLimited: /\sapp_limited(?:\s|$)/.test(line),
  }
}

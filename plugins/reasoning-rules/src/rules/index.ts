import { type Rule, type Symptom, rulesOf } from '../symptom.js'
import { beyondKnobs } from './beyond-knobs.js'
import { block } from './block.js'
import { conntrack } from './conntrack.js'
import { hugePages } from './hugepages.js'
import { kit } from './kit.js'
import { limits } from './limits.js'
import { neighbour } from './neighbour.js'
import { netReceive } from './net-receive.js'
import { numa } from './numa.js'
import { reclaim } from './reclaim.js'
import { scheduler } from './scheduler.js'
import { tcpBuffers } from './tcp-buffers.js'
import { tcpListen } from './tcp-listen.js'
import { tcpLoss } from './tcp-loss.js'
import { tcpPorts } from './tcp-ports.js'
import { tcpSockets } from './tcp-sockets.js'
import { udp } from './udp.js'
import { writeback } from './writeback.js'

/** Every symptom that is known, a file a subsystem. */
export const SYMPTOMS: readonly Symptom[] = [
  ...kit,
  ...tcpListen,
  ...tcpLoss,
  ...tcpBuffers,
  ...tcpSockets,
  ...tcpPorts,
  ...udp,
  ...netReceive,
  ...conntrack,
  ...neighbour,
  ...writeback,
  ...block,
  ...reclaim,
  ...hugePages,
  ...scheduler,
  ...numa,
  ...limits,
  ...beyondKnobs,
]

/** The same as a table, a row a knob. */
export const RULES: readonly Rule[] = SYMPTOMS.flatMap(rulesOf)

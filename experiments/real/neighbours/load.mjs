// A connection to one of 300 neighbours after the other.
import { connect } from 'node:net'
import { openLoop } from '../open-loop.mjs'

const NEIGHBOURS = 300
let id = 0
await openLoop({ perSecond: 300, seconds: 5, limitMs: 2000 }, (answered, failed) => {
  const number = id++ % NEIGHBOURS
  const socket = connect(7813, `10.231.${Math.floor(number / 100)}.${1 + (number % 100)}`, () => socket.write('x'))
  socket.on('error', failed)
  socket.once('data', () => {
    answered()
    socket.resetAndDestroy()
  })
})

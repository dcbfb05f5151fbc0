// A single-threaded HTTP service that asks for a long backlog and is busy for 200 ms of every second.
import { createServer } from 'node:http'

createServer((_, response) => response.end('ok')).listen(7810, '127.0.0.1', 65_535)
setInterval(() => {
  const end = performance.now() + 200
  while (performance.now() < end);
}, 1000)

-- wrk --latency prints 50, 75, 90 and 99 percent and no 95. This prints what a trial needs, from the same
-- statistics, as one line behind wrk's own report. Use it with: wrk -s wrk-latency.lua
-- A script of your own can load it: dofile(os.getenv("SEMANTOS_WRK_LATENCY"))

function done(summary, latency, _requests)
  local errors = summary.errors
  io.write(string.format(
    "semantos p50_us=%d p95_us=%d p99_us=%d max_us=%d requests=%d duration_us=%d connect=%d read=%d write=%d status=%d timeout=%d\n",
    latency:percentile(50), latency:percentile(95), latency:percentile(99), latency.max,
    summary.requests, summary.duration, errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end

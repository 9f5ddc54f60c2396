-- Prints one line of figures for benchmarks.load; sourced by every script. Times in microseconds.
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        "FIGURES %d %d %d %d %d %d %d\n",
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), latency:percentile(99),
        errors.status, errors.connect + errors.read + errors.write + errors.timeout
    ))
end

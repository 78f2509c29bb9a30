-- One line for the scripts: requests, seconds, p50, p99, max (µs), errors.
function done(summary, latency)
  local errors = summary.errors
  print(string.format("%d %.3f %d %d %d %d", summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    latency.max, errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end

-- How long a connection rests before its next request, where the load is not to be all that it can be.
local pause = tonumber(os.getenv("PAUSE_MS"))
if pause then
  function delay() return pause end
end

-- Other than GET, with the text of BODY.
local method = os.getenv("METHOD")
if method and method ~= "GET" then
  wrk.method = method
  wrk.body = os.getenv("BODY")
end

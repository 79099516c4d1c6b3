-- Sends the requests of a file one after another, round and round; `wrk -s wrk.lua URL -- FILE SKIP`.
-- In the file, each request stands after its length in bytes and a line break.

local requests, sent = {}, 0

function init(args)
   local file = assert(io.open(args[1], "rb"))
   local length = file:read("*n")
   while length do
      file:read(1)
      requests[#requests + 1] = file:read(length)
      length = file:read("*n")
   end
   file:close()
   sent = tonumber(args[2])
end

function request()
   sent = sent + 1
   return requests[(sent - 1) % #requests + 1]
end

function done(summary, latency)
   local errors = summary.errors
   local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
   io.write(string.format(
      'figures {"requests": %d, "microseconds": %d, "failures": %d, "p50": %d, "p99": %d}\n',
      summary.requests, summary.duration, failures,
      latency:percentile(50), latency:percentile(99)))
end

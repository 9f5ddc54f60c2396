-- GETs of the paths in the file named by BENCH_PATHS, at random, with the cookie in BENCH_COOKIE.
dofile(os.getenv("BENCH_LUA") .. "/report.lua")

local paths = {}
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("seed", threads)
end

function init(args)
    math.randomseed(20261121 + seed)
    for line in io.lines(os.getenv("BENCH_PATHS")) do
        paths[#paths + 1] = line
    end
    wrk.headers["Cookie"] = os.getenv("BENCH_COOKIE")
end

function request()
    return wrk.format("GET", paths[math.random(#paths)])
end

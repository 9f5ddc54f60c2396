-- Three-line checkouts with fresh ids. BENCH_VARIANTS: a file with "<uuid> <price in minor units>" a line;
-- BENCH_REGISTERS: a file with "<register uuid> <shift uuid>" a line, shared out among the threads.
dofile(os.getenv("BENCH_LUA") .. "/report.lua")

local variants, registers, count = {}, {}, 0
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("seed", threads)
end

local function uuid()
    return (string.gsub("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx", "x", function()
        return string.format("%x", math.random(0, 15))
    end))
end

function init(args)
    math.randomseed(os.time() * 100 + seed)
    for line in io.lines(os.getenv("BENCH_VARIANTS")) do
        local id, price = line:match("^(%S+) (%d+)$")
        variants[#variants + 1] = {id = id, price = tonumber(price)}
    end
    local number = 0
    for line in io.lines(os.getenv("BENCH_REGISTERS")) do
        number = number + 1
        if number % tonumber(os.getenv("BENCH_THREADS")) == seed % tonumber(os.getenv("BENCH_THREADS")) then
            local register, shift = line:match("^(%S+) (%S+)$")
            registers[#registers + 1] = {id = register, shift = shift}
        end
    end
    wrk.headers["Cookie"] = os.getenv("BENCH_COOKIE")
    wrk.headers["X-CSRF-Token"] = os.getenv("BENCH_CSRF")
    wrk.headers["Origin"] = os.getenv("BENCH_ORIGIN")
    wrk.headers["Content-Type"] = "application/json"
end

function request()
    count = count + 1
    local register = registers[count % #registers + 1]
    local total, lines = 0, {}
    for position = 1, 3 do
        local variant = variants[math.random(#variants)]
        total = total + variant.price
        lines[position] = string.format('{"id":"%s","variant_id":"%s","quantity":"1"}', uuid(), variant.id)
    end
    local body = string.format(
        '{"id":"%s","register_id":"%s","shift_id":"%s","device_at":"2026-11-21T10:00:00Z","lines":[%s],' ..
        '"tenders":[{"id":"%s","kind":"cash","amount_minor":%d}],"expected_total_minor":%d}',
        uuid(), register.id, register.shift, table.concat(lines, ","), uuid(), total, total
    )
    return wrk.format("POST", "/api/v1/pos/sales", nil, body)
end

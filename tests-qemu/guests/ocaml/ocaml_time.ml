(* Clocks: processor time runs, the wall clock is of this century and agrees
 * with the calendar.
 *
 * @libraries unix
 * @reject FAIL
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let () =
  let cpu = Sys.time () in
  let wall = Unix.gettimeofday () in
  let n = ref 0 in
  while Unix.gettimeofday () -. wall < 0.1 do
    incr n
  done;
  let spent = Sys.time () -. cpu in
  check (Printf.sprintf "processor time %f" spent) (spent > 0.02 && spent < 2.);
  check (Printf.sprintf "wall clock %f" wall) (wall > 1.7e9 && wall < 8e9);
  check "time" (abs_float (Unix.time () -. Unix.gettimeofday ()) < 2.);
  let start = Unix.gettimeofday () in
  Unix.sleepf 0.05;
  let slept = Unix.gettimeofday () -. start in
  check (Printf.sprintf "sleepf %f" slept) (slept >= 0.05 && slept < 5.);
  let last = ref 0. in
  for _ = 1 to 10_000 do
    let now = Unix.gettimeofday () in
    check "backwards" (now >= !last);
    last := now
  done;
  let t = Unix.gmtime 951_782_400. in
  check "leap day"
    (t.tm_year = 100 && t.tm_mon = 1 && t.tm_mday = 29 && t.tm_hour = 0 && t.tm_wday = 2 && t.tm_yday = 59);
  check "before 1970" ((Unix.gmtime (-1.)).tm_year = 69);
  let back, normal = Unix.mktime { t with tm_mday = 30 } in
  check "mktime" (back = 951_868_800. && normal.tm_mon = 2 && normal.tm_mday = 1);
  check "localtime is UTC" (Unix.localtime 0. = Unix.gmtime 0.);
  let times = Unix.times () in
  check "times" (times.tms_utime +. times.tms_stime > 0.02 && times.tms_cutime = 0.);
  print_endline "ok"

(* Domains: they are spawned and joined, allocate and collect together, wait for each other
 * with and without the C library, and have threads of their own. Where there is one processor
 * they take turns.
 *
 * @libraries unix threads
 * @mem 512
 * @timeout 120
 * @reject FAIL
 * @expect ok
 *)

let check name ok = if not ok then Printf.printf "FAIL: %s\n%!" name

let spawn_and_join () =
  let domains = List.init 3 (fun i -> Domain.spawn (fun () -> i * i)) in
  check "join" (List.map Domain.join domains = [ 0; 1; 4 ]);
  (match Domain.join (Domain.spawn (fun () -> failwith "inside")) with
   | exception Failure text -> check "exception" (text = "inside")
   | () -> check "no exception" false);
  let outer = Domain.spawn (fun () -> Domain.join (Domain.spawn (fun () -> 7)) + 1) in
  check "nested" (Domain.join outer = 8)

(* Two domains that do nothing but allocate, and so collect. *)
let allocate () =
  let work () =
    let total = ref 0 in
    for i = 1 to 300 do
      total := !total + List.length (List.init 2000 (fun n -> n * i))
    done;
    !total
  in
  let other = Domain.spawn work in
  let mine = work () in
  check "allocate" (mine = 600_000 && Domain.join other = 600_000)

(* A ball goes to and fro, and who waits for it calls nothing but [cpu_relax]. *)
let ping_pong () =
  let ball = Atomic.make 0 in
  let play me =
    for i = 0 to 999 do
      while Atomic.get ball <> (2 * i) + me do
        Domain.cpu_relax ()
      done;
      Atomic.incr ball
    done
  in
  let other = Domain.spawn (fun () -> play 1) in
  play 0;
  Domain.join other;
  check "ping-pong" (Atomic.get ball = 2000)

let locals () =
  let key = Domain.DLS.new_key ~split_from_parent:(fun n -> n + 1) (fun () -> 42) in
  check "first" (Domain.DLS.get key = 42);
  Domain.DLS.set key 1;
  let inside () =
    let first = Domain.DLS.get key in
    Domain.DLS.set key 100;
    first
  in
  check "inherited" (Domain.join (Domain.spawn inside) = 2);
  check "my own" (Domain.DLS.get key = 1)

let conditions () =
  let mutex = Mutex.create () and condition = Condition.create () and turn = ref 0 in
  let play me =
    Mutex.protect mutex @@ fun () ->
    for _ = 1 to 300 do
      while !turn mod 3 <> me do
        Condition.wait condition mutex
      done;
      incr turn;
      Condition.broadcast condition
    done
  in
  let others = List.init 2 (fun i -> Domain.spawn (fun () -> play (i + 1))) in
  play 0;
  List.iter Domain.join others;
  check "conditions" (!turn = 900)

let rec merge one other =
  match one, other with
  | [], rest | rest, [] -> rest
  | a :: one', b :: _ when a <= b -> a :: merge one' other
  | _, b :: other' -> b :: merge one other'

let rec split = function
  | a :: b :: rest -> let one, other = split rest in (a :: one, b :: other)
  | rest -> (rest, [])

let rec sort depth list =
  match list with
  | [] | [ _ ] -> list
  | _ ->
    let one, other = split list in
    if depth = 0 then merge (sort 0 one) (sort 0 other)
    else
      let domain = Domain.spawn (fun () -> sort (depth - 1) one) in
      let other = sort (depth - 1) other in
      merge (Domain.join domain) other

let merge_sort () =
  let state = Random.State.make [| 42 |] in
  let list = List.init 20_000 (fun _ -> Random.State.int state 1_000_000) in
  check "merge sort" (sort 2 list = List.sort compare list)

let threads_inside () =
  let work () =
    let total = Atomic.make 0 in
    let body i = for _ = 1 to 50 do ignore (Atomic.fetch_and_add total i); Thread.yield () done in
    List.iter Thread.join (List.init 4 (fun i -> Thread.create body (i + 1)));
    Atomic.get total
  in
  let domains = List.init 2 (fun _ -> Domain.spawn work) in
  check "threads inside" (work () = 500 && List.map Domain.join domains = [ 500; 500 ])

type _ Effect.t += Ask : int Effect.t

(* A continuation that one domain took is resumed by another. *)
let effects () =
  let open Effect.Deep in
  let kept : (int, int) continuation option Atomic.t = Atomic.make None in
  let ask () =
    match_with (fun () -> 1 + Effect.perform Ask) ()
      { retc = Fun.id; exnc = raise;
        effc = (fun (type a) (e : a Effect.t) ->
          match e with
          | Ask -> Some (fun (k : (a, _) continuation) -> Atomic.set kept (Some k); 0)
          | _ -> None) }
  in
  check "asked" (Domain.join (Domain.spawn ask) = 0);
  match Atomic.get kept with
  | Some k -> check "answered elsewhere" (continue k 41 = 42)
  | None -> check "no continuation" false

let many () =
  let count = Atomic.make 0 in
  for _ = 1 to 300 do
    Domain.join (Domain.spawn (fun () -> Atomic.incr count))
  done;
  check "300 domains" (Atomic.get count = 300)

let limit () =
  let stop = Atomic.make false in
  let wait () = while not (Atomic.get stop) do Domain.cpu_relax () done in
  let rec fill domains =
    if List.length domains > 128 then domains
    else
      match Domain.spawn wait with
      | domain -> fill (domain :: domains)
      | exception (Failure _ | Sys_error _) -> domains
  in
  let domains = fill [] in
  check "a few at least" (List.length domains >= 3);
  Atomic.set stop true;
  List.iter Domain.join domains

let () =
  check "main" (Domain.is_main_domain () && (Domain.self () :> int) = 0);
  check "recommended" (Domain.recommended_domain_count () >= 1);
  spawn_and_join ();
  allocate ();
  ping_pong ();
  locals ();
  conditions ();
  merge_sort ();
  threads_inside ();
  effects ();
  many ();
  limit ();
  Gc.compact ();
  print_endline "ok"

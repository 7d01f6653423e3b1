(* What is typed on the console can be read.
 *
 * @stdin 3 4\nhello there\n
 * @expect sum 7
 * @expect read hello there
 *)

let () =
  let sum = Scanf.sscanf (read_line ()) "%d %d" ( + ) in
  Printf.printf "sum %d\n%!" sum;
  Printf.printf "read %s\n%!" (read_line ())

(* The command line becomes arguments and environment.
 *
 * @cmdline NOLIBC_A=one NOLIBC_B="two words" EMPTY= -- -x "a b" c\ d '' "it's" NOT_ENV=1
 * @expect argv 7
 * @expect <-x>
 * @expect <a b>
 * @expect <c d>
 * @expect <>
 * @expect <it's>
 * @expect <NOT_ENV=1>
 * @expect NOLIBC_A <one>
 * @expect NOLIBC_B <two words>
 * @expect EMPTY <>
 * @expect NOT_ENV absent
 * @expect NOLIBC_C absent
 *)

let () =
  Printf.printf "argv %d\n" (Array.length Sys.argv);
  Array.iteri (fun i word -> if i > 0 then Printf.printf "<%s>\n" word) Sys.argv;
  let show name =
    match Sys.getenv_opt name with
    | Some value -> Printf.printf "%s <%s>\n" name value
    | None -> Printf.printf "%s absent\n" name
  in
  List.iter show [ "NOLIBC_A"; "NOLIBC_B"; "EMPTY"; "NOT_ENV"; "NOLIBC_C" ]

//! `<dirent.h>`

use core::ffi::{c_char, c_int, c_long};
use core::ptr::{self, null_mut};

use crate::c::cstr;
use crate::c::result::{or_minus_one, set_errno, zero_or_minus_one};
use crate::errno::{Errno, Result};
use crate::file;
use crate::file::abi::{AT_FDCWD, NAME_MAX, O_CLOEXEC, O_DIRECTORY, S_IFDIR, S_IFMT, SEEK_SET};
use crate::heap;
use crate::vector::Vector;

/// `struct dirent`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Dirent {
    d_ino: u64,
    d_off: i64,
    d_reclen: u16,
    d_type: u8,
    d_name: [u8; NAME_MAX + 1],
}

const _: () = assert!(size_of::<Dirent>() == 280 && core::mem::offset_of!(Dirent, d_name) == 19);

/// `DIR`: a descriptor, whose offset is the position, and the last entry read.
pub struct Dir {
    fd: c_int,
    entry: Dirent,
}

fn to_c(directory: Result<*mut Dir>) -> *mut Dir {
    directory.unwrap_or_else(|error| {
        set_errno(error);
        null_mut()
    })
}

/// A `Dir` on `fd`.
fn allocate(fd: c_int) -> Result<*mut Dir> {
    let directory = heap::alloc(size_of::<Dir>(), align_of::<Dir>())?
        .as_ptr()
        .cast::<Dir>();
    let entry = Dirent {
        d_ino: 0,
        d_off: 0,
        d_reclen: size_of::<Dirent>() as u16,
        d_type: 0,
        d_name: [0; NAME_MAX + 1],
    };
    // SAFETY: the block is large enough, aligned, and nobody else has it.
    unsafe { directory.write(Dir { fd, entry }) };
    Ok(directory)
}

/// As POSIX `opendir`.
///
/// # Safety
/// As POSIX says: `path` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn opendir(path: *const c_char) -> *mut Dir {
    // SAFETY: the caller's contract.
    let path = unsafe { cstr::bytes(path) };
    let fd = path.and_then(|path| file::open_at(AT_FDCWD, path, O_DIRECTORY | O_CLOEXEC, 0));
    to_c(fd.and_then(|fd| {
        let directory = allocate(fd);
        if directory.is_err() {
            file::close(fd)?;
        }
        directory
    }))
}

/// As POSIX `fdopendir`.
///
/// # Safety
/// None beyond the C ABI; `fd` belongs to the answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdopendir(fd: c_int) -> *mut Dir {
    to_c(
        file::status_of(fd).and_then(|status| match status.st_mode & S_IFMT {
            S_IFDIR => allocate(fd),
            _ => Err(Errno::ENOTDIR),
        }),
    )
}

/// The directory behind a pointer; `EBADF` for null.
///
/// # Safety
/// `directory` is null or came from `opendir` and was not closed.
unsafe fn borrow<'a>(directory: *mut Dir) -> Result<&'a mut Dir> {
    // SAFETY: the caller's contract.
    unsafe { directory.as_mut() }.ok_or(Errno::EBADF)
}

/// Read the next entry into `directory.entry`; false at the end.
fn advance(directory: &mut Dir) -> Result<bool> {
    let entry = &mut directory.entry;
    let (name, terminator) = entry.d_name.split_at_mut(NAME_MAX);
    terminator.fill(0);
    let Some((number, kind, len, next)) = file::directory_entry(directory.fd, name)? else {
        return Ok(false);
    };
    name.get_mut(len..).unwrap_or_default().fill(0);
    entry.d_ino = number;
    entry.d_off = next as i64;
    entry.d_type = (kind >> 12) as u8;
    Ok(true)
}

/// As POSIX `readdir`; null without a change of `errno` at the end.
///
/// # Safety
/// As POSIX says: `directory` is open, and its last entry is no longer used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn readdir(directory: *mut Dir) -> *mut Dirent {
    // SAFETY: the caller's contract.
    let directory = unsafe { borrow(directory) };
    match directory.and_then(|directory| Ok((advance(directory)?, &raw mut directory.entry))) {
        Ok((true, entry)) => entry,
        Ok((false, _)) => null_mut(),
        Err(error) => {
            set_errno(error);
            null_mut()
        }
    }
}

/// As POSIX `readdir_r`; answers the error number.
///
/// # Safety
/// As POSIX says: `directory` is open, `entry` and `result` point to room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn readdir_r(
    directory: *mut Dir,
    entry: *mut Dirent,
    result: *mut *mut Dirent,
) -> c_int {
    // SAFETY: the caller's contract.
    let directory = unsafe { borrow(directory) };
    let answer = directory.and_then(|directory| Ok((advance(directory)?, directory.entry)));
    if entry.is_null() || result.is_null() {
        return Errno::EFAULT.raw();
    }
    // SAFETY: both point to room by the caller's contract.
    unsafe {
        *result = null_mut();
        match answer {
            Ok((true, read)) => {
                *entry = read;
                *result = entry;
                0
            }
            Ok((false, _)) => 0,
            Err(error) => error.raw(),
        }
    }
}

/// As POSIX `closedir`.
///
/// # Safety
/// As POSIX says: `directory` is open and not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn closedir(directory: *mut Dir) -> c_int {
    // SAFETY: the caller's contract.
    let fd = unsafe { borrow(directory) }.map(|directory| directory.fd);
    zero_or_minus_one(fd.and_then(|fd| {
        if let Some(block) = ptr::NonNull::new(directory) {
            // SAFETY: the block came from `allocate` and is not used again.
            unsafe { heap::free(block.cast()) };
        }
        file::close(fd)
    }))
}

/// As POSIX `dirfd`.
///
/// # Safety
/// As POSIX says: `directory` is open.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dirfd(directory: *mut Dir) -> c_int {
    // SAFETY: the caller's contract.
    let directory = unsafe { borrow(directory) }.map_err(|_| Errno::EINVAL);
    or_minus_one(directory.map(|directory| directory.fd))
}

/// As POSIX `rewinddir`.
///
/// # Safety
/// As POSIX says: `directory` is open.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rewinddir(directory: *mut Dir) {
    // SAFETY: the caller's contract.
    unsafe { seekdir(directory, 0) }
}

/// As POSIX `telldir`.
///
/// # Safety
/// As POSIX says: `directory` is open.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn telldir(directory: *mut Dir) -> c_long {
    // SAFETY: the caller's contract.
    let directory = unsafe { borrow(directory) };
    or_minus_one(directory.and_then(|directory| file::tell(directory.fd)))
}

/// As POSIX `seekdir`.
///
/// # Safety
/// As POSIX says: `directory` is open.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn seekdir(directory: *mut Dir, position: c_long) {
    // SAFETY: the caller's contract.
    if let Ok(directory) = unsafe { borrow(directory) } {
        // A position that `telldir` did not answer has no effect; POSIX has no
        // way to say so.
        let _ = file::seek(directory.fd, position, SEEK_SET);
    }
}

/// Byte order of the names, as in the "C" locale.
///
/// # Safety
/// As POSIX says: both point to pointers to entries.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn alphasort(left: *mut *const Dirent, right: *mut *const Dirent) -> c_int {
    // SAFETY: the caller's contract.
    let (left, right) = unsafe { (&(**left).d_name, &(**right).d_name) };
    let until_end = |name: &'static [u8; NAME_MAX + 1]| name.split(|byte| *byte == 0).next();
    until_end(left).cmp(&until_end(right)) as c_int
}

type Select = unsafe extern "C" fn(*const Dirent) -> c_int;
type Compare = unsafe extern "C" fn(*mut *const Dirent, *mut *const Dirent) -> c_int;

/// As POSIX `scandir`.
///
/// # Safety
/// As POSIX says: `path` is a string, `names` points to room, the functions may be
/// called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scandir(
    path: *const c_char,
    names: *mut *mut *mut Dirent,
    select: Option<Select>,
    compare: Option<Compare>,
) -> c_int {
    if names.is_null() {
        return zero_or_minus_one(Err(Errno::EFAULT));
    }
    // SAFETY: the caller's contract.
    let directory = unsafe { opendir(path) };
    if directory.is_null() {
        return -1;
    }
    // SAFETY: the directory is open; the functions by the caller's contract.
    let collected = unsafe { collect(&mut *directory, select, compare) };
    // SAFETY: it is open and not used again.
    let closed = unsafe { closedir(directory) };
    or_minus_one(collected.and_then(|entries| {
        // SAFETY: `names` points to room by the caller's contract.
        unsafe { names.write(copy_to_block(&entries)?) };
        Ok(entries.len() as c_int + closed)
    }))
}

/// A block that the caller of `scandir` frees.
fn copy_to_block(entries: &[*mut Dirent]) -> Result<*mut *mut Dirent> {
    let len_bytes = size_of_val(entries).max(1);
    let block = heap::alloc(len_bytes, 16).inspect_err(|_| give_back(entries))?;
    let block = block.as_ptr().cast::<*mut Dirent>();
    // SAFETY: the new block is as large as the slice.
    unsafe { ptr::copy_nonoverlapping(entries.as_ptr(), block, entries.len()) };
    Ok(block)
}

fn give_back(entries: &[*mut Dirent]) {
    for entry in entries.iter().filter_map(|entry| ptr::NonNull::new(*entry)) {
        // SAFETY: each came from `heap::alloc` in `collect`; nobody else has it.
        unsafe { heap::free(entry.cast()) };
    }
}

/// # Safety
/// The functions may be called on entries.
unsafe fn collect(
    directory: &mut Dir,
    select: Option<Select>,
    compare: Option<Compare>,
) -> Result<Vector<*mut Dirent>> {
    let mut entries = Vector::new();
    while advance(directory).inspect_err(|_| give_back(&entries))? {
        // SAFETY: the caller's contract.
        if select.is_some_and(|select| unsafe { select(&directory.entry) } == 0) {
            continue;
        }
        let block = heap::alloc(size_of::<Dirent>(), align_of::<Dirent>());
        let block = block
            .inspect_err(|_| give_back(&entries))?
            .as_ptr()
            .cast::<Dirent>();
        // SAFETY: the block is large enough, and nobody else has it.
        unsafe { block.write(directory.entry) };
        if let Err(error) = entries.push(block) {
            give_back(&[block]);
            give_back(&entries);
            return Err(error);
        }
    }
    if let Some(compare) = compare {
        sort(&mut entries, compare);
    }
    Ok(entries)
}

/// Insertion sort: directories are small, and a comparison function that
/// contradicts itself must not matter.
fn sort(entries: &mut [*mut Dirent], compare: Compare) {
    for end in 1..entries.len() {
        for index in (0..end).rev() {
            let Some([left, right]) = entries.get_mut(index..index + 2) else {
                return;
            };
            let pointers: (*mut *mut Dirent, *mut *mut Dirent) = (left, right);
            // SAFETY: both point to live entries; the caller of `scandir` gave
            // the function for this.
            if unsafe { compare(pointers.0.cast(), pointers.1.cast()) } <= 0 {
                break;
            }
            core::mem::swap(left, right);
        }
    }
}

//! Whether a folder lies on a network file system, where SQLite's locks and shared memory cannot be trusted.
//!
//! A file system is known by the magic number that `statfs` gives; those in user space (FUSE) share one, and are told apart by the
//! type that the mount table names. Where the system cannot say, the folder is taken as local.

use std::path::Path;

/// The magic number of every file system in user space.
const FUSE: u64 = 0x6573_5546;

/// Returns the name of the network file system that `folder` lies on; nothing for a local one.
pub(in crate::store) fn network_file_system(folder: &Path) -> Option<String> {
    let magic = magic_of(folder)?;
    if magic == FUSE {
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
        let kind = mounted_as(&mounts, device_of(folder)?)?;
        return is_network_type(kind).then(|| kind.to_owned());
    }
    network_name(magic).map(str::to_owned)
}

/// Returns the name of a network file system by its magic number (`linux/magic.h`); nothing for any other.
fn network_name(magic: u64) -> Option<&'static str> {
    Some(match magic {
        0x6969 => "NFS",
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => "SMB/CIFS",
        0x0102_1997 => "9p",
        0x5346_414f | 0x6b41_4653 => "AFS",
        0x00c3_6400 => "Ceph",
        0x7375_7245 => "Coda",
        0x564c => "NCP",
        0x0bd0_0bd0 => "Lustre",
        0x4750_4653 => "GPFS",
        0xaad7_aaea => "PanFS",
        0x1983_0326 => "BeeGFS",
        0x7461_636f => "OCFS2",
        0x0116_1970 => "GFS2",
        0x786f_4256 => "VirtualBox shared folder",
        0xbacb_acbc => "VMware shared folder",
        _ => return None,
    })
}

/// Returns whether a type in the mount table, such as `fuse.sshfs`, reaches another computer.
fn is_network_type(kind: &str) -> bool {
    const NETWORK: [&str; 18] = [
        "sshfs",
        "rclone",
        "s3fs",
        "s3ql",
        "goofys",
        "gcsfuse",
        "blobfuse",
        "blobfuse2",
        "glusterfs",
        "ceph",
        "ceph-fuse",
        "davfs",
        "davfs2",
        "curlftpfs",
        "smbnetfs",
        "nfs",
        "juicefs",
        "gvfsd-fuse",
    ];
    kind.strip_prefix("fuse.")
        .is_some_and(|kind| NETWORK.contains(&kind))
}

/// Returns the type of the file system mounted from `device` (major and minor) in a table as `/proc/self/mountinfo` has it.
fn mounted_as(mounts: &str, (major, minor): (u32, u32)) -> Option<&str> {
    let wanted = format!("{major}:{minor}");
    mounts.lines().rev().find_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        let device = before.split(' ').nth(2)?;
        (device == wanted)
            .then(|| after.split(' ').next())
            .flatten()
    })
}

#[cfg(target_os = "linux")]
fn magic_of(folder: &Path) -> Option<u64> {
    let magic = rustix::fs::statfs(folder).ok()?.f_type;
    // The field is signed on some processors and 32 bits wide on others; a magic number has 32 bits.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the lower 32 bits are the magic number"
    )]
    Some(u64::from(magic as u32))
}

#[cfg(not(target_os = "linux"))]
fn magic_of(_folder: &Path) -> Option<u64> {
    None
}

fn device_of(folder: &Path) -> Option<(u32, u32)> {
    let device = rustix::fs::stat(folder).ok()?.st_dev;
    Some((rustix::fs::major(device), rustix::fs::minor(device)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_known_by_their_magic_number() {
        assert_eq!(network_name(0x6969), Some("NFS"));
        assert_eq!(network_name(0xff53_4d42), Some("SMB/CIFS"));
        assert_eq!(network_name(0x0102_1997), Some("9p"));
        for local in [
            0xef53,
            0x0102_1994,
            0x9123_683e,
            0x5846_5342,
            0x794c_7630,
            FUSE,
        ] {
            assert_eq!(network_name(local), None, "{local:#x}");
        }
    }

    #[test]
    fn file_systems_in_user_space_are_known_by_their_type() {
        let mounts = "27 1 254:0 / / rw - ext4 /dev/vda rw\n\
            40 27 0:51 / /far rw,nosuid shared:1 - fuse.sshfs me@there:/ rw\n\
            41 27 0:52 / /near rw - fuse.gocryptfs /me/x rw\n";
        assert_eq!(mounted_as(mounts, (0, 51)), Some("fuse.sshfs"));
        assert_eq!(mounted_as(mounts, (0, 5)), None);
        assert!(is_network_type("fuse.sshfs"));
        for local in ["fuse.gocryptfs", "fuseblk", "ext4", "sshfs"] {
            assert!(!is_network_type(local), "{local}");
        }
    }

    #[test]
    fn the_folder_of_this_test_is_local() {
        assert_eq!(network_file_system(&std::env::temp_dir()), None);
    }
}

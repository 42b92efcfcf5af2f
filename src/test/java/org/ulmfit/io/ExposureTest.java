package org.ulmfit.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no modes")
class ExposureTest {

  private static final int NOBODY = 65534;

  @TempDir Path temporary;
  private Path dir;
  private Path cache;
  private Path library;

  @BeforeEach
  void layOut() throws IOException {
    dir = mode("rwxr-xr-x", temporary.toRealPath());
    cache = mode("rwxr-xr-x", Files.createDirectories(dir.resolve("cache/pytorch")));
    mode("rwxr-xr-x", dir.resolve("cache"));
    library = Files.writeString(cache.resolve("libtorch.so"), "");
    mode("rw-r--r--", library);
  }

  private static Path mode(String mode, Path path) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static String found(Path path) throws IOException {
    return Exposure.of(path).map(w -> w.at().getFileName() + " " + w.what()).orElse("");
  }

  @Test
  void whatOnlyItsUserMayChangeIsSafe() throws IOException {
    assertEquals("", found(cache));
    mode("r-xr-xr-x", cache);
    assertEquals("", found(cache), "read-only");
  }

  @Test
  void whatOthersMayWriteToIsNot() throws IOException {
    mode("rw-r--rw-", library);
    assertEquals("libtorch.so may be written by others (mode 646)", found(cache));
    mode("rw-r--r--", library);
    mode("rwxrwxr-x", cache);
    assertEquals("pytorch may be written by others (mode 775)", found(cache));
    mode("rwxr-xr-x", cache);
    mode("rwx---rwx", dir.resolve("cache"));
    assertEquals("cache may be written by others (mode 707)", found(cache));
  }

  /** As below a home that nobody else enters, whatever the modes in it are. */
  @Test
  void behindAClosedFolderModesDoNotCount() throws IOException {
    mode("rw-rw-rw-", library);
    mode("rwxrwxrwx", cache);
    mode("rwx------", dir);
    assertEquals("", found(cache));
    mode("rwxr-xr-x", dir);
    mode("rwx------", cache);
    assertEquals("", found(cache));
  }

  /** As /tmp: others may make files there, but not change those of the user. */
  @Test
  void aStickyFolderGuardsWhatTheUserHasInIt() throws IOException {
    Path sticky = dir.resolve("cache");
    Files.setAttribute(sticky, "unix:mode", 01777);
    assertEquals("", found(cache));
    assertEquals("cache may be written by others (mode 1777)", found(sticky), "the folder itself");
  }

  /** Seen by another user, everything here is somebody else's. */
  @Test
  void whatBelongsToAnotherUserIsNot() throws IOException {
    int user = Exposure.user();
    int other = user == NOBODY ? NOBODY - 1 : NOBODY;
    if (user == 0) { // root is trusted by all
      Files.setAttribute(cache, "unix:uid", NOBODY);
      assertEquals("pytorch belongs to another user (65534)", found(cache));
    } else {
      Optional<Exposure.Weakness> weakness = Exposure.of(cache, other);
      assertEquals("belongs to another user (" + user + ")", weakness.orElseThrow().what());
    }
  }

  @Test
  void linksAreFollowedToWhereTheyLead() throws IOException {
    Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("cache/pytorch"));
    assertEquals("", found(link));
    mode("rwxr-xrwx", cache);
    assertEquals("pytorch may be written by others (mode 757)", found(link));
    mode("rwxr-xr-x", cache);
    Path elsewhere = mode("rwxr-xrwx", Files.createDirectory(dir.resolve("elsewhere")));
    Path behind = Files.writeString(elsewhere.resolve("libc10.so"), "");
    Files.createSymbolicLink(cache.resolve("libc10.so"), behind);
    assertEquals("elsewhere may be written by others (mode 757)", found(cache));
    Files.createSymbolicLink(dir.resolve("loop"), Path.of("loop"));
    String reason = "";
    try {
      found(dir.resolve("loop"));
    } catch (FileSystemException e) {
      reason = e.getReason();
    }
    assertEquals("too many links", reason);
  }

  private static String why(Throwable e) {
    UlmfitException line =
        NativeLibraries.failure("the engine", Path.of("/cache/pytorch"), "", new Error("x", e));
    assertEquals(1, line.kind().exitCode());
    return line.getMessage();
  }

  @Test
  void whyLibrariesWereNotLoaded() {
    String remedy = "; set DJL_CACHE_DIR to a folder that only you can write to";
    assertEquals(
        "cannot write /cache/pytorch, where native libraries are unpacked: No space left on device"
            + remedy
            + ", with 500 MB of room",
        why(new IOException("No space left on device")));
    assertEquals(
        "cannot write /cache/pytorch, where native libraries are unpacked: Read-only file system"
            + remedy
            + ", with 500 MB of room",
        why(new FileSystemException("/cache/pytorch/tmp1", null, "Read-only file system")));
    assertEquals(
        "the engine does not start: /c/x.so: failed to map segment from shared object"
            + remedy
            + " on a disk that programs may be run from",
        why(new UnsatisfiedLinkError("/c/x.so: failed to map segment from shared object")));
    assertEquals(
        "the engine does not start: /c/x.so: file too short; remove /cache/pytorch so that its"
            + " libraries are unpacked again",
        why(new UnsatisfiedLinkError("/c/x.so: /c/x.so: file too short")));
    assertTrue(
        why(new UnsatisfiedLinkError("x: version `GLIBC_2.28' not found (required by y)"))
            .endsWith("; use a system with a newer C library"));
  }
}

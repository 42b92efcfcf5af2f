package org.ulmfit.io;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/**
 * The folders that native libraries are unpacked to and loaded from. They are made for their user
 * alone, and refused where others could have put another library there.
 *
 * <pre>
 * $DJL_CACHE_DIR, or ~/.djl.ai, or .djl.ai where Java keeps temporary files
 *   pytorch/2.7.1-...-cpu-linux-x86_64/libtorch_cpu.so ...   unpacked once, by DJL
 *   jna/                                                     what JNA unpacks at every start and removes
 * </pre>
 */
public final class NativeLibraries {
  private static final String ROOM = "500 MB";
  private static final String JNA = "jna.tmpdir";

  private NativeLibraries() {}

  /**
   * Makes a library's folder where it is missing, checks it and gives JNA, which DJL asks for GPUs,
   * a folder beside it. To be called before the first class that loads the library.
   *
   * @param folder that DJL is going to use
   * @throws UlmfitException (failure) if it cannot be made or others may write to it
   */
  public static void ready(Path folder) {
    try {
      make(folder);
    } catch (IOException e) {
      throw cannotWrite(folder, e);
    }
    check(folder, remedy());
    readyJna(folder.resolveSibling("jna"));
  }

  /**
   * Checks the places of libraries that a variable names; one that is not there is its user's to
   * mend.
   *
   * @param variable read as DJL does, from the environment or else a system property
   * @throws UlmfitException (failure) if others may write to one
   */
  public static void checkGiven(String variable) {
    String given = System.getenv(variable);
    if (given == null) {
      given = System.getProperty(variable, "");
    }
    for (String place : given.split(File.pathSeparator)) {
      if (!place.isEmpty() && Files.exists(Path.of(place))) {
        check(Path.of(place), "let " + variable + " name a folder that only you can write to");
      }
    }
  }

  /**
   * Checks where a library unpacks itself that makes a new folder among temporary files.
   *
   * @throws UlmfitException (failure) if others could put another library there
   */
  public static void checkTemporary() {
    try {
      Path made = Files.createTempDirectory("ulmfit");
      try {
        check(made, "let -Djava.io.tmpdir name a folder that only you can write to");
      } finally {
        Files.delete(made);
      }
    } catch (IOException e) {
      throw UlmfitException.failure(
          "no temporary folder can be made in "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + UlmfitException.reason(e)
              + "; let -Djava.io.tmpdir name another",
          e);
    }
  }

  private static void make(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      FileAttribute<?>[] mine =
          Exposure.posix()
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
              }
              : new FileAttribute<?>[0];
      Files.createDirectories(folder, mine);
    }
  }

  private static void check(Path folder, String remedy) {
    Optional<Exposure.Weakness> weakness;
    try {
      weakness = Exposure.of(folder);
    } catch (IOException e) {
      throw UlmfitException.failure(
          folder + ": cannot be read: " + UlmfitException.reason(e) + "; " + remedy, e);
    }
    if (weakness.isPresent()) {
      Path at = weakness.get().at();
      String which = at.equals(folder) ? ", which " : ": " + at + " ";
      throw UlmfitException.failure(
          "no native library is loaded from "
              + folder
              + which
              + weakness.get().what()
              + "; "
              + remedy,
          null);
    }
  }

  /**
   * A folder for JNA, which DJL looks for GPUs with: beside the libraries, or one of its own among
   * temporary files. Where neither can be written JNA unpacks nothing, and no GPU is seen.
   */
  private static void readyJna(Path folder) {
    if (System.getProperty(JNA) != null) {
      return;
    }
    Path usable = folder;
    try {
      make(folder);
      if (!Files.isWritable(folder)) {
        usable = Files.createTempDirectory("ulmfit");
        usable.toFile().deleteOnExit();
      }
    } catch (IOException e) {
      System.setProperty("jna.nounpack", "true");
      return;
    }
    check(usable, remedy());
    System.setProperty(JNA, usable.toString());
  }

  /**
   * Why libraries could not be loaded, in a line.
   *
   * @param what of, as a sentence begins: "the PyTorch engine"
   * @param folder that {@link #ready} has readied
   * @param missing what lacks on the class path, in words; empty: nothing
   */
  public static UlmfitException failure(String what, Path folder, String missing, Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof FileSystemException
          || cause instanceof IOException && ("" + cause.getMessage()).startsWith("No space")) {
        return cannotWrite(folder, (IOException) cause);
      }
      if (cause instanceof UnsatisfiedLinkError) {
        return cannotLoad(what, folder, oneLine(cause.getMessage()), e);
      }
    }
    if (!missing.isEmpty()) {
      return UlmfitException.failure(
          what + " does not start: put " + missing + " on the class path", e);
    }
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return UlmfitException.failure(
        what
            + " does not start: "
            + oneLine(deepest.getMessage())
            + "; remove "
            + folder
            + " so that its libraries are unpacked again, and see 'ulmfit doctor'",
        e);
  }

  private static UlmfitException cannotWrite(Path folder, IOException e) {
    return UlmfitException.failure(
        "cannot write "
            + folder
            + ", where native libraries are unpacked: "
            + UlmfitException.reason(e).replaceFirst("; make room there$", "")
            + "; "
            + remedy()
            + ", with "
            + ROOM
            + " of room",
        e);
  }

  private static UlmfitException cannotLoad(String what, Path folder, String why, Throwable e) {
    String start = what + " does not start: " + why + "; ";
    if (why.contains("failed to map segment")) { // mounted noexec
      return UlmfitException.failure(
          start + remedy() + " on a disk that programs may be run from", e);
    }
    if (why.contains("GLIBC")) {
      return UlmfitException.failure(start + "use a system with a newer C library", e);
    }
    return UlmfitException.failure(
        start + "remove " + folder + " so that its libraries are unpacked again", e);
  }

  private static String remedy() {
    String given = System.getenv("ENGINE_CACHE_DIR");
    String variable = given == null || given.isEmpty() ? "DJL_CACHE_DIR" : "ENGINE_CACHE_DIR";
    return "set " + variable + " to a folder that only you can write to";
  }

  private static String oneLine(@Nullable String message) {
    return message == null
        ? "no reason given"
        : message
            .lines()
            .findFirst()
            .orElse("")
            .strip()
            .replaceFirst("[.;]$", "")
            .replaceFirst("^(\\S+: )\\1", "$1"); // Java's and the loader's word for the file
  }
}

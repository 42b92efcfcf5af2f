package org.ulmfit;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An error the user can do something about: one line that names what is wrong, where (file, row or
 * byte) and the remedy. The command line prints the line and ends with the kind's exit code.
 */
public final class UlmfitException extends RuntimeException {

  /** What went wrong, with the exit code of the command line. */
  public enum Kind {
    /** The machine, a file that cannot be written, or a training that diverged. */
    FAILURE(1),
    /** An option, a recipe or a call that cannot be. */
    USAGE(2),
    /** A corpus or text. */
    BAD_DATA(3),
    /** A model folder or a file of weights. */
    BAD_MODEL(4),
    /** Stopped on request. */
    INTERRUPTED(130);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    public int exitCode() {
      return exitCode;
    }
  }

  private static final Pattern LINE_END = Pattern.compile("\\s*\\R\\s*");

  private final Kind kind;

  /**
   * @param message may quote an input; line ends in it become blanks, and what a terminal would
   *     obey is written out
   */
  public UlmfitException(Kind kind, String message, @Nullable Throwable cause) {
    super(Shown.escaped(LINE_END.matcher(message.strip()).replaceAll(" ")), cause);
    this.kind = kind;
  }

  public UlmfitException(Kind kind, String message) {
    this(kind, message, null);
  }

  /** Wrong option, recipe key or value: exit 2. */
  public static UlmfitException usage(String message) {
    return new UlmfitException(Kind.USAGE, message);
  }

  /** Data that cannot be used as it is: exit 3. */
  public static UlmfitException badData(String message) {
    return new UlmfitException(Kind.BAD_DATA, message);
  }

  /** A model that is corrupt, incomplete or does not fit: exit 4. */
  public static UlmfitException badModel(String message) {
    return new UlmfitException(Kind.BAD_MODEL, message);
  }

  /** Any other failure, such as a file that cannot be written: exit 1. */
  public static UlmfitException failure(String message, @Nullable Throwable cause) {
    return new UlmfitException(Kind.FAILURE, message, cause);
  }

  /** A file or folder that is there and cannot be read: exit 1. */
  public static UlmfitException cannotRead(Object file, Exception e) {
    return cannotRead(Kind.FAILURE, file, e);
  }

  /** The same where the file is a kind of input that has an exit code of its own. */
  public static UlmfitException cannotRead(Kind kind, Object file, Exception e) {
    return new UlmfitException(kind, file + ": cannot be read: " + reason(e), e);
  }

  /** A file or folder that cannot be written: exit 1. */
  public static UlmfitException cannotWrite(Object file, Exception e) {
    return failure("cannot write " + file + ": " + reason(e), e);
  }

  /** What the operating system says, without a class name or the path once more. */
  public static String reason(Exception e) {
    if (e instanceof UncheckedIOException unchecked) {
      return reason(Objects.requireNonNull(unchecked.getCause())); // it cannot be made without one
    }
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NotDirectoryException) {
      return "not a folder";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "exists already";
    }
    if (e instanceof DirectoryNotEmptyException) {
      return "folder not empty";
    }
    if (e instanceof FileSystemException fs && fs.getReason() != null) {
      return reason(new IOException(fs.getReason()));
    }
    if (e instanceof CharacterCodingException) {
      return "not UTF-8";
    }
    if (e instanceof JsonProcessingException json) { // without the method that sets a limit
      String line = String.valueOf(json.getOriginalMessage()).lines().findFirst().orElse("");
      return line.replaceFirst(", from `[^`]*`", "");
    }
    if (e instanceof EOFException && e.getMessage() == null) {
      return "cut short";
    }
    if ("No space left on device".equals(e.getMessage())) {
      return e.getMessage() + "; make room there";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  public Kind kind() {
    return kind;
  }
}

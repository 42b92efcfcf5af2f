package org.ulmfit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class UlmfitExceptionTest {

  /** Names of columns and keys come from files. */
  @Test
  void aMessageIsOneLineWhateverItQuotes() {
    assertEquals(
        "a.csv: its columns are la bel, te xt, x y",
        UlmfitException.badData("a.csv: its columns are la\r\nbel, te \u2028 xt, x\u000by\n")
            .getMessage());
  }

  @Test
  void reasonsAreThoseOfTheOperatingSystem() {
    assertEquals("permission denied", reason(new AccessDeniedException("secret.txt")));
    assertEquals("no such file or folder", reason(new NoSuchFileException("gone.txt")));
    assertEquals(
        "No space left on device; make room there",
        reason(new FileSystemException("a", null, "No space left on device")));
    assertEquals(
        "No space left on device; make room there",
        reason(new UncheckedIOException(new IOException("No space left on device"))));
    assertEquals("not UTF-8", reason(new MalformedInputException(1)));
    assertEquals("cut short", reason(new EOFException()));
    assertEquals("IOException", reason(new IOException()));
  }

  private static String reason(Exception e) {
    return UlmfitException.reason(e);
  }
}

package org.ulmfit.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;

class AtomicFilesTest {

  @TempDir Path dir;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void ofSeveralWritersOfATargetOneIsHeardWhole() throws IOException {
    Path file = dir.resolve("shared.txt");
    AtomicFiles.writeShared(
        file,
        outer -> {
          outer.write("the one that ".getBytes(StandardCharsets.UTF_8));
          AtomicFiles.writeShared(file, out -> out.write("other".getBytes(StandardCharsets.UTF_8)));
          assertEquals("other", Files.readString(file));
          outer.write("ends last".getBytes(StandardCharsets.UTF_8));
        });
    assertEquals("the one that ends last", Files.readString(file));

    Path folder = dir.resolve("folder");
    AtomicFiles.makeFolder(
        folder,
        outer -> {
          Files.writeString(outer.resolve("a"), "begun first");
          AtomicFiles.makeFolder(folder, own -> Files.writeString(own.resolve("a"), "whole first"));
        });
    assertEquals("whole first", Files.readString(folder.resolve("a")));
    try (Stream<Path> left = Files.list(dir)) {
      assertEquals(List.of(folder, file), left.sorted().toList(), "nothing aside is left");
    }
  }

  @Test
  void replacesAFile() throws IOException {
    Path file = dir.resolve("a.json");
    AtomicFiles.writeString(file, "old and long");
    AtomicFiles.writeString(file, "né");
    assertEquals("né", Files.readString(file));
    assertEquals(List.of("a.json"), names());
  }

  @Test
  void aWriteThatFailsLeavesTheOldFile() throws IOException {
    Path file = dir.resolve("a.json");
    AtomicFiles.writeString(file, "old");
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () ->
                AtomicFiles.write(
                    file,
                    (OutputStream out) -> {
                      out.write(1);
                      throw new UncheckedIOException(new IOException("no more paper"));
                    }));
    assertEquals("cannot write " + file + ": no more paper", e.getMessage());
    assertEquals(UlmfitException.Kind.FAILURE, e.kind());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a.json"), names());
  }

  @Test
  void namesTheReason() {
    Path file = dir.resolve("no/such/a.json");
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> AtomicFiles.writeString(file, "x"));
    assertEquals("cannot write " + file + ": no such file or folder", e.getMessage());
  }

  @Test
  void writesAFolderWhole() throws IOException {
    Path target = dir.resolve("store");
    AtomicFiles.writeFolder(
        target,
        part -> {
          Files.createDirectories(part.resolve("a/b"));
          Files.writeString(part.resolve("a/b/c"), "1");
          assertEquals(List.of(".store.part"), names());
        });
    assertEquals("1", Files.readString(target.resolve("a/b/c")));
    AtomicFiles.writeFolder(target, part -> Files.writeString(part.resolve("d"), "2"));
    assertTrue(Files.notExists(target.resolve("a")));
    assertEquals(List.of("store"), names());
  }

  /** A model's folder may be a link that is turned to the next version. */
  @Test
  void copiesTheFolderThatALinkLeadsTo() throws IOException {
    Path real = Files.createDirectories(dir.resolve("v3/a")).getParent();
    Files.writeString(real.resolve("a/b"), "1");
    Path link = Files.createSymbolicLink(dir.resolve("current"), real);
    Path copy = Files.createDirectory(dir.resolve("copy"));
    AtomicFiles.copyTree(link, copy);
    assertEquals("1", Files.readString(copy.resolve("a/b")));
  }

  @Test
  void deletesLinksNotTheirTargets() throws IOException {
    Path keep = Files.createDirectory(dir.resolve("keep"));
    Files.writeString(keep.resolve("f"), "x");
    Path tree = Files.createDirectory(dir.resolve("tree"));
    Files.createSymbolicLink(tree.resolve("link"), keep);
    AtomicFiles.deleteTree(tree);
    assertEquals(List.of("keep"), names());
    assertTrue(Files.exists(keep.resolve("f")));
  }
}

package org.ulmfit.io;

import static org.ulmfit.io.FaultyPath.real;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * The real file system, but for one change to it (a write, a sync, a rename, a deletion, a new
 * folder) that fails: alone, as on a disk that is full for a moment, or with all that follow, as
 * where a process dies. Reading works as long as it is not dead.
 */
final class FaultyFileSystem extends FileSystem {
  static final String REASON = "No space left on device";

  private final FileSystem real = FileSystems.getDefault();
  private final Provider provider = new Provider();
  private final long failing;
  private final boolean dies;
  private long changes;

  /**
   * @param failing number of the change that fails, from 1; 0: none
   * @param dies whether everything fails from then on
   */
  FaultyFileSystem(long failing, boolean dies) {
    this.failing = failing;
    this.dies = dies;
  }

  /** The same place, seen through this file system; null for null. */
  Path of(Path path) {
    return path == null ? null : new FaultyPath(this, path);
  }

  /** Changes tried so far. */
  long changes() {
    return changes;
  }

  boolean failsNext() {
    return changes + 1 == failing;
  }

  /** Counts a change, and fails if it is to. */
  void change(Path path) throws IOException {
    changes++;
    if (changes == failing || dead()) {
      throw new FileSystemException(path.toString(), null, REASON);
    }
  }

  private boolean dead() {
    return dies && failing > 0 && changes >= failing;
  }

  private void look(Path path) throws IOException {
    if (dead()) {
      throw new FileSystemException(path.toString(), null, REASON);
    }
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return real.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return real.getRootDirectories();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return real.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return real.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return of(real.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    return path -> real.getPathMatcher(syntaxAndPattern).matches(real(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return real.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() throws IOException {
    return real.newWatchService();
  }

  private final class Provider extends FileSystemProvider {
    @Override
    public String getScheme() {
      return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
      throw new FileSystemAlreadyExistsException(uri.toString());
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return FaultyFileSystem.this;
    }

    @Override
    public Path getPath(URI uri) {
      return of(Path.of(uri));
    }

    private static boolean writes(Set<? extends OpenOption> options) {
      return options.contains(StandardOpenOption.WRITE)
          || options.contains(StandardOpenOption.APPEND);
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      boolean creates = writes(options) && !Files.exists(real(path));
      if (creates || options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
        change(path);
      }
      look(path);
      return new FaultyChannel(
          FaultyFileSystem.this, path, FileChannel.open(real(path), options, attributes));
    }

    @Override
    @SuppressWarnings("StreamResourceLeak") // closed by whoever closes what is returned
    public DirectoryStream<Path> newDirectoryStream(
        Path dir, DirectoryStream.Filter<? super Path> filter) throws IOException {
      look(dir);
      DirectoryStream<Path> stream =
          Files.newDirectoryStream(real(dir), entry -> filter.accept(of(entry)));
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          Iterator<Path> entries = stream.iterator();
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return entries.hasNext();
            }

            @Override
            public Path next() {
              return of(entries.next());
            }
          };
        }

        @Override
        public void close() throws IOException {
          stream.close();
        }
      };
    }

    @Override
    public void createDirectory(Path dir, FileAttribute<?>... attributes) throws IOException {
      if (!Files.exists(real(dir))) {
        change(dir);
      }
      Files.createDirectory(real(dir), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
      change(path);
      Files.delete(real(path));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
      change(target);
      Files.copy(real(source), real(target), options);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      change(target);
      Files.move(real(source), real(target), options);
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
      return Files.isSameFile(real(one), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
      return Files.isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      return Files.getFileStore(real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      look(path);
      real.provider().checkAccess(real(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return Files.getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      look(path);
      return Files.readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
        throws IOException {
      look(path);
      return Files.readAttributes(real(path), names, options);
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options)
        throws IOException {
      change(path);
      Files.setAttribute(real(path), name, value, options);
    }
  }
}

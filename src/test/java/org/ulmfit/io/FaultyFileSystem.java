package org.ulmfit.io;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
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

  /** The same place, seen through this file system. */
  Path of(Path path) {
    return new FaultyPath(path);
  }

  /** Changes tried so far. */
  long changes() {
    return changes;
  }

  private void change(Path path) throws IOException {
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

  private static Path real(Path path) {
    return path instanceof FaultyPath faulty ? faulty.real : path;
  }

  private Path faulty(Path path) {
    return path == null ? null : new FaultyPath(path);
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
    return faulty(real.getPath(first, more));
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
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return FaultyFileSystem.this;
    }

    @Override
    public Path getPath(URI uri) {
      throw new UnsupportedOperationException();
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
      return new FaultyChannel(path, FileChannel.open(real(path), options, attributes));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path dir, DirectoryStream.Filter<? super Path> filter) throws IOException {
      look(dir);
      DirectoryStream<Path> stream =
          Files.newDirectoryStream(real(dir), entry -> filter.accept(faulty(entry)));
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
              return faulty(entries.next());
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

  private final class FaultyChannel extends FileChannel {
    private final Path path;
    private final FileChannel real;

    FaultyChannel(Path path, FileChannel real) {
      this.path = path;
      this.real = real;
    }

    /** What a full disk leaves: the first half of what was to be written. */
    private void changeBy(ByteBuffer from) throws IOException {
      boolean first = changes + 1 == failing;
      try {
        change(path);
      } catch (IOException e) {
        if (first) {
          ByteBuffer half = from.duplicate();
          half.limit(from.position() + from.remaining() / 2);
          real.write(half);
        }
        throw e;
      }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      changeBy(from);
      return real.write(from);
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      changeBy(from);
      return real.write(from, position);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
      change(path);
      return real.write(from, offset, length);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      change(path); // the disk itself is not in question, and slow
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      change(path);
      real.truncate(size);
      return this;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
      return real.read(to);
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
      return real.read(to, position);
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
      return real.read(to, offset, length);
    }

    @Override
    public long position() throws IOException {
      return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      real.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      return real.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count)
        throws IOException {
      change(path);
      return real.transferFrom(source, position, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
      return real.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
      return real.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      real.close();
    }
  }

  private final class FaultyPath implements Path {
    private final Path real;

    FaultyPath(Path real) {
      this.real = real;
    }

    @Override
    public FileSystem getFileSystem() {
      return FaultyFileSystem.this;
    }

    @Override
    public boolean isAbsolute() {
      return real.isAbsolute();
    }

    @Override
    public Path getRoot() {
      return faulty(real.getRoot());
    }

    @Override
    public Path getFileName() {
      return faulty(real.getFileName());
    }

    @Override
    public Path getParent() {
      return faulty(real.getParent());
    }

    @Override
    public int getNameCount() {
      return real.getNameCount();
    }

    @Override
    public Path getName(int index) {
      return faulty(real.getName(index));
    }

    @Override
    public Path subpath(int from, int to) {
      return faulty(real.subpath(from, to));
    }

    @Override
    public boolean startsWith(Path other) {
      return real.startsWith(FaultyFileSystem.real(other));
    }

    @Override
    public boolean endsWith(Path other) {
      return real.endsWith(FaultyFileSystem.real(other));
    }

    @Override
    public Path normalize() {
      return faulty(real.normalize());
    }

    @Override
    public Path resolve(Path other) {
      return faulty(real.resolve(FaultyFileSystem.real(other)));
    }

    @Override
    public Path relativize(Path other) {
      return faulty(real.relativize(FaultyFileSystem.real(other)));
    }

    @Override
    public URI toUri() {
      return real.toUri();
    }

    @Override
    public Path toAbsolutePath() {
      return faulty(real.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
      return faulty(real.toRealPath(options));
    }

    @Override
    public WatchKey register(
        WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
      return real.compareTo(FaultyFileSystem.real(other));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Path path && real.equals(FaultyFileSystem.real(path));
    }

    @Override
    public int hashCode() {
      return real.hashCode();
    }

    @Override
    public String toString() {
      return real.toString();
    }
  }
}

package org.ulmfit.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** A file of a {@link FaultyFileSystem}: what is written is a change. */
final class FaultyChannel extends FileChannel {
  private final FaultyFileSystem files;
  private final Path path;
  private final FileChannel real;

  FaultyChannel(FaultyFileSystem files, Path path, FileChannel real) {
    this.files = files;
    this.path = path;
    this.real = real;
  }

  /** What a full disk leaves: the first half of what was to be written. */
  private void changeBy(ByteBuffer from) throws IOException {
    boolean first = files.failsNext();
    try {
      files.change(path);
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
    files.change(path);
    return real.write(from, offset, length);
  }

  @Override
  public void force(boolean metaData) throws IOException {
    files.change(path); // the disk itself is not in question, and slow
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    files.change(path);
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
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return real.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    files.change(path);
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

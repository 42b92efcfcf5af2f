package org.ulmfit.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is read by a thread of its own, so that one can wait for its start for a while and
 * no longer: a program that writes a line and waits for the answer must get it.
 */
final class PatientInput extends InputStream {
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final byte[] ring;
  private long written;
  private long consumed;
  private boolean ended;
  private @Nullable IOException failure;

  /**
   * @param capacity bytes read ahead at most
   */
  PatientInput(InputStream in, int capacity) {
    ring = new byte[capacity];
    Thread pump = new Thread(() -> pump(in), "standard input");
    pump.setDaemon(true);
    pump.start();
  }

  private void pump(InputStream in) {
    byte[] buffer = new byte[1 << 13];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        for (int at = 0; at < n; ) {
          at += put(buffer, at, n - at);
        }
      }
      end(null);
    } catch (IOException e) {
      end(e);
    }
  }

  private int put(byte[] bytes, int from, int length) {
    lock.lock();
    try {
      while (written - consumed == ring.length) {
        changed.awaitUninterruptibly();
      }
      int n = (int) Math.min(length, ring.length - (written - consumed));
      for (int i = 0; i < n; i++) {
        ring[(int) ((written + i) % ring.length)] = bytes[from + i];
      }
      written += n;
      changed.signalAll();
      return n;
    } finally {
      lock.unlock();
    }
  }

  private void end(@Nullable IOException why) {
    lock.lock();
    try {
      ended = true;
      failure = why;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the stream has ended or the buffer is full, or at least a line is there and nothing
   * has come for a while.
   *
   * @return whether all there will be, or all that is asked for, is there
   */
  boolean awaitStart(long patienceNanos) throws IOException {
    lock.lock();
    try {
      boolean line = false;
      long looked = consumed;
      while (!ended && written - consumed < ring.length) {
        for (; looked < written && !line; looked++) {
          line = ring[(int) (looked % ring.length)] == '\n';
        }
        long before = written;
        if (!line) {
          changed.await();
        } else if (changed.awaitNanos(patienceNanos) <= 0 && written == before) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      while (written == consumed && !ended) {
        changed.awaitUninterruptibly();
      }
      if (written == consumed) {
        if (failure != null) {
          throw failure;
        }
        return -1;
      }
      int n = (int) Math.min(length, written - consumed);
      for (int i = 0; i < n; i++) {
        target[from + i] = ring[(int) ((consumed + i) % ring.length)];
      }
      consumed += n;
      changed.signalAll();
      return n;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int available() {
    lock.lock();
    try {
      return (int) (written - consumed);
    } finally {
      lock.unlock();
    }
  }
}

package org.ulmfit.serve;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads the body of a request, of so many bytes and within a time: one that comes drop by drop
 * would hold its connection as long as its sender likes. Where nothing comes at all the connection
 * idles, which Jetty ends.
 */
final class Body implements Invocable.Task {
  private final Request request;
  private final int most;
  private final long end;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> whole = new CompletableFuture<>();

  private Body(Request request, ServeOptions options) {
    this.request = request;
    this.most = options.bodyBytes();
    this.end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(options.timeoutMillis());
  }

  /**
   * The bytes, once they have come.
   *
   * @return fails with a {@link Refusal} (413 if there are more, 408 if they took too long, 400 if
   *     they cannot be read)
   */
  static CompletableFuture<byte[]> of(Request request, ServeOptions options) {
    Body body = new Body(request, options);
    if (request.getLength() > options.bodyBytes()) {
      body.tooLong();
    } else {
      body.run();
    }
    return body.whole;
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  public void run() {
    while (!whole.isDone()) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        failed(chunk.getFailure());
        return;
      }
      take(chunk);
    }
  }

  private void take(Content.Chunk chunk) {
    ByteBuffer buffer = chunk.getByteBuffer();
    byte[] own = new byte[Math.min(buffer.remaining(), most + 1 - bytes.size())];
    buffer.get(own);
    bytes.writeBytes(own);
    boolean last = chunk.isLast();
    chunk.release();
    if (bytes.size() > most) {
      tooLong();
    } else if (last) {
      whole.complete(bytes.toByteArray());
    } else if (System.nanoTime() - end > 0) {
      failed(new TimeoutException());
    }
  }

  private void tooLong() {
    whole.completeExceptionally(new Refusal(413, "the body is longer than " + most + " bytes"));
  }

  private void failed(Throwable cause) {
    whole.completeExceptionally(
        cause instanceof TimeoutException
            ? new Refusal(408, "the body did not come in time")
            : new Refusal(400, "the body cannot be read"));
  }
}

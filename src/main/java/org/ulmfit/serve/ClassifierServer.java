package org.ulmfit.serve;

import java.io.IOException;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;

/**
 * A classifier that answers over HTTP. Texts are neither kept nor logged; nothing of a request
 * names a file.
 */
public final class ClassifierServer implements AutoCloseable {
  private static final int HEADER_BYTES = 8 << 10;
  private static final int CONNECTIONS = 1024;
  private static final int THREADS = 32; // they wait for nobody: reading and writing take none
  private static final int BATCH = 256;

  private final Server server;
  private final ServerConnector connector;
  private final ModelSlot model;
  private final Batcher batcher;
  private final Explainers explainers;
  private final Metrics metrics = new Metrics();
  private final Thread looking;

  private ClassifierServer(
      Path dirOrRun, String device, ServeOptions options, Consumer<String> log) {
    QueuedThreadPool pool = new QueuedThreadPool(THREADS, 4);
    pool.setName("ulmfit-http");
    server = new Server(pool);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setIdleTimeout(options.timeoutMillis());
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(options.timeoutMillis());
    bind(options);
    try {
      model = new ModelSlot(dirOrRun, device, log);
    } catch (RuntimeException | Error e) {
      connector.close();
      throw e;
    }
    batcher =
        new Batcher(
            rows -> model.ask(served -> served.classifier().predictFields(rows)),
            options.gatherMillis(),
            BATCH,
            options.queue(),
            metrics::batch);
    explainers = new Explainers(model);
    var requests = new Requests(options, model, batcher, explainers, metrics);
    server.setHandler(new GracefulHandler(requests));
    server.setErrorHandler(new JsonErrors());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(CONNECTIONS, server));
    server.setStopTimeout(options.stopMillis());
    looking = new Thread(() -> look(options.lookMillis()), "ulmfit-model");
    looking.setDaemon(true);
  }

  /**
   * Opens a model and listens.
   *
   * @param dirOrRun model folder, that of an ensemble too, or the run folder of {@code ulmfit
   *     classify}; where it is replaced by another model, that answers
   * @param device {@code auto | cpu | cuda:N}
   * @param log hears of what happens, a line each, never of a text
   * @throws UlmfitException (usage) if the port is in use or the address none of this machine; as
   *     {@code TextClassifier.load}
   */
  public static ClassifierServer start(
      Path dirOrRun, String device, ServeOptions options, Consumer<String> log) {
    ClassifierServer made = new ClassifierServer(dirOrRun, device, options, log);
    try {
      made.server.start();
    } catch (Exception e) {
      made.close();
      throw UlmfitException.failure("the server does not start: " + e.getMessage(), e);
    }
    made.looking.start();
    return made;
  }

  /** Before the model is read, which takes longer. */
  private void bind(ServeOptions options) {
    try {
      connector.open();
    } catch (IOException | UnresolvedAddressException e) {
      String why =
          e instanceof IOException io
              ? UlmfitException.reason(io.getCause() instanceof BindException cause ? cause : io)
              : "no address of that name";
      throw UlmfitException.usage(
          Shown.format(
              "%s:%d: cannot be listened on (%s); end what listens there, or give another --port, or --host",
              options.host(), options.port(), why));
    }
  }

  /** Looks for another model until this thread is interrupted. */
  private void look(int everyMillis) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(everyMillis);
        if (model.look()) {
          metrics.swap();
        }
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  /** The port it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Takes no more requests, answers those that came, and ends. */
  @Override
  public void close() {
    looking.interrupt();
    try {
      server.stop();
    } catch (Exception e) {
      // what was under way is not answered any more
    }
    batcher.close();
    explainers.close();
    try {
      looking.join(); // it may be opening a model
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    model.close();
  }
}

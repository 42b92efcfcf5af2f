package org.ulmfit.serve;

/**
 * What a server takes, and how much of it.
 *
 * @param host address it listens on
 * @param port 0: any that is free
 * @param bodyBytes of a request at most
 * @param texts of a request at most
 * @param queue texts that wait at most
 * @param timeoutMillis until an answer at most
 * @param gatherMillis that a text waits for others, to be answered with them
 * @param stopMillis that a stop waits for answers under way
 * @param lookMillis between two looks whether the folder holds another model
 */
public record ServeOptions(
    String host,
    int port,
    int bodyBytes,
    int texts,
    int queue,
    int timeoutMillis,
    int gatherMillis,
    int stopMillis,
    int lookMillis) {

  /** On this machine alone. */
  public static ServeOptions defaults() {
    return new ServeOptions("127.0.0.1", 8080, 1 << 20, 256, 1024, 30_000, 5, 30_000, 2_000);
  }

  /** The same at another place. */
  public ServeOptions at(String otherHost, int otherPort) {
    return new ServeOptions(
        otherHost,
        otherPort,
        bodyBytes,
        texts,
        queue,
        timeoutMillis,
        gatherMillis,
        stopMillis,
        lookMillis);
  }
}

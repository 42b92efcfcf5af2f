package org.ulmfit.serve;

/** Why a request is not answered, in a line that tells nothing of its texts. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  Refusal(int status, String why) {
    super(why, null, false, false);
    this.status = status;
  }

  /** Of HTTP. */
  int status() {
    return status;
  }

  String why() {
    return String.valueOf(getMessage());
  }
}

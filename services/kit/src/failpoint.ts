/**
 * A named place where a crash test can end the process as a power cut would, when `FAILPOINT` names it. In production there
 * is nothing: the function is empty.
 */
export const failpoint: (name: string) => void =
  process.env.NODE_ENV === "production" || process.env.FAILPOINT === undefined
    ? () => {}
    : (name) => {
        if (process.env.FAILPOINT === name) process.kill(process.pid, "SIGKILL");
      };

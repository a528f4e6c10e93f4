"use client";
import {
  Button,
  bytes,
  Dialog,
  FileDrop,
  type FileOnItsWay,
  Section,
  SkeletonRows,
  TextField,
  toast,
} from "@leadmetrics/ui";
import {
  type Contract,
  Failure,
  offerContract,
  offeredDocument,
  platformQueries,
  Query,
  refuseContract,
  useAction,
  useFormat,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

/** What the company agreed to: every version, who accepted it when and from where, and a new one. */
export function Contracts({ tenantRef }: { tenantRef: string }) {
  const found = useQuery(platformQueries.contracts(tenantRef));
  const [offering, setOffering] = useState(false);
  const [shown, setShown] = useState<Contract>();
  return (
    <Section title="Contract" aside={<Button onPress={() => setOffering(true)}>Upload a contract…</Button>}>
      <Query of={found} loading={<SkeletonRows rows={2} />}>
        {({ items }) => (
          <ul aria-label="Contracts" className="divide-y divide-line border-y border-line text-sm">
            {items.length === 0 ? (
              <li className="py-2 text-muted">None yet: everything is open to this company without one.</li>
            ) : null}
            {items.map((one, index) => (
              <Row key={one.ref} of={one} isNewest={index === 0} onShow={() => setShown(one)} />
            ))}
          </ul>
        )}
      </Query>
      {offering ? <Offer tenantRef={tenantRef} onClose={() => setOffering(false)} /> : null}
      <Dialog
        title={shown?.title ?? ""}
        size="wide"
        isOpen={shown !== undefined}
        onClose={() => setShown(undefined)}
      >
        {shown ? (
          <iframe
            title={`The contract: ${shown.title}`}
            src={`${offeredDocument(tenantRef, shown.ref)}#toolbar=0&navpanes=0&view=FitH`}
            className="h-[65dvh] w-full rounded-panel border border-line bg-surface"
          />
        ) : null}
      </Dialog>
    </Section>
  );
}

function Row({ of, isNewest, onShow }: { of: Contract; isNewest: boolean; onShow: () => void }) {
  const format = useFormat();
  const { acceptance } = of;
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 py-1">
      <span className="min-w-0 flex-1">
        <span dir="auto">{of.title}</span>
        <span className="block text-xs text-muted">
          {acceptance
            ? `Accepted by ${acceptance.userName || "somebody who has left"}, ${format.dateTime(acceptance.acceptedOn)}, from ${acceptance.remoteIp || "an unknown address"}`
            : `Offered ${format.dateTime(of.offeredOn)}, ${bytes(of.bytes)}`}
        </span>
      </span>
      {acceptance ? (
        <span className="text-muted">{isNewest ? "In force" : "Replaced"}</span>
      ) : isNewest ? (
        <span className="font-semibold text-warn-text">Waits for its yes</span>
      ) : (
        <span className="text-muted">Never accepted</span>
      )}
      <Button size="small" kind="quiet" onPress={onShow} aria-label={`Show ${of.title}`}>
        Show
      </Button>
    </li>
  );
}

const TITLE_CHARS = 200;

function Offer({ tenantRef, onClose }: { tenantRef: string; onClose: () => void }) {
  const [file, setFile] = useState<File>();
  const [problem, setProblem] = useState("");
  const [title, setTitle] = useState("");
  const address = useAddress(problem ? undefined : file);
  const offer = useAction((chosen: File) => offerContract(tenantRef, title.trim(), chosen), {
    renews: ["contract", "audit"],
    quiet: true,
    done: () => {
      toast("The contract waits for the company's yes.", { tone: "ok" });
      onClose();
    },
  });
  const take = async ([chosen]: File[]) => {
    if (!chosen) return;
    setFile(chosen);
    setTitle(chosen.name.replace(/\.pdf$/i, "").slice(0, TITLE_CHARS));
    setProblem((await refuseContract(chosen)) ?? "");
  };
  const onItsWay: FileOnItsWay[] = file
    ? [
        {
          key: file.name,
          name: file.name,
          size: file.size,
          state: problem ? "refused" : offer.isPending ? "sending" : "ready",
          note: problem || undefined,
        },
      ]
    : [];
  return (
    <Dialog
      title="Upload a contract"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            isPending={offer.isPending}
            isDisabled={!file || problem !== "" || title.trim() === ""}
            onPress={() => file && offer.mutate(file)}
          >
            Put before the company
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {offer.error ? <Failure of={offer.error} /> : null}
        <p className="text-sm text-muted">
          Until an owner or admin has accepted it, nothing else opens for this company's people.
        </p>
        <FileDrop
          accept={["application/pdf"]}
          hint="One PDF of at most 4 MB."
          files={onItsWay}
          onFiles={(files) => void take(files)}
          onDismiss={() => {
            setFile(undefined);
            setProblem("");
          }}
        />
        {address ? (
          <a
            href={address}
            target="_blank"
            rel="noopener"
            className="self-start text-sm text-accent hover:underline max-md:py-3"
          >
            Read it before it goes out
          </a>
        ) : null}
        <TextField label="Title" value={title} onChange={setTitle} maxLength={TITLE_CHARS} />
      </div>
    </Dialog>
  );
}

/** An address of this browser's own for a chosen file, for as long as it is chosen. */
function useAddress(file: File | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!file) return setAddress(undefined);
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return address;
}
